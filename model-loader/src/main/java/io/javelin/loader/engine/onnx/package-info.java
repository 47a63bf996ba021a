/// The engine for ONNX files, on ONNX Runtime's Java API. The only package that may import
/// `ai.onnxruntime`.
///
/// Start with [OnnxEngine], then `OnnxInstance`. Options: `SessionPlan` says purely what the
/// session is told, `SessionOpener` tells it. Tensors: an `InputSlot` and an `OutputSlot` for each
/// name, which differ in whether their size is known before the run.
///
/// Threads: none is created here; ONNX Runtime makes its own when a model asks for more than one
/// intra-op thread.
@NullMarked
package io.javelin.loader.engine.onnx;

import org.jspecify.annotations.NullMarked;
