/// The gRPC front: Open Inference Protocol, health, reflection and the admin API.
///
/// Start at [io.javelin.server.grpc.GrpcFront]. `ModelInfer` has its own path
/// ([io.javelin.server.grpc.InferRequestMarshaller], [io.javelin.server.grpc.ModelInferHandler]):
/// the message is walked where Netty received it and never turned into a generated object, except
/// for tensors sent as typed contents. Everything else uses the generated service.
///
/// Threads: all calls run on the event loops (direct executor); answers are written by batch
/// workers.
@NullMarked
package io.javelin.server.grpc;

import org.jspecify.annotations.NullMarked;
