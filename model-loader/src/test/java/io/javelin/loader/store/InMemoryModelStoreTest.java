package io.javelin.loader.store;

final class InMemoryModelStoreTest extends ModelStoreContractTest {
  @Override
  protected ModelStore open() {
    return new InMemoryModelStore(scratch.resolve("artifacts"));
  }

  @Override
  protected void put(String model, String version, String file, String content) {
    ((InMemoryModelStore) store).put(model, version, file, content);
  }

  @Override
  protected void remove(String model, String version) {
    ((InMemoryModelStore) store).remove(model, version);
  }
}
