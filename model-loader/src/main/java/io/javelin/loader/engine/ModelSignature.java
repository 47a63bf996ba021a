package io.javelin.loader.engine;

import java.util.List;

/// What a model takes and gives, read from the model file itself.
///
/// @param batching whether the first dimension of every input and output is dynamic: rows of
///   several requests can be joined. Otherwise each request runs alone, with its full shape.
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs, boolean batching) {}
