package io.javelin.loader.engine;

import java.util.List;

/// Name, type and shape of one model input or output.
///
/// @param shape dimensions as the model file has them, -1 where the request chooses; for a batching
///   model the first is the batch dimension (-1)
public record TensorSpec(String name, DataType type, List<Long> shape) {}
