package io.javelin.loader.lifecycle;

/// A borrowed servable. Holding it keeps the version loaded: close it when the request is answered.
/// Closing twice is harmless.
///
/// @param <S> servable
public interface Lease<S> extends AutoCloseable {
  S servable();

  long version();

  @Override
  void close();
}
