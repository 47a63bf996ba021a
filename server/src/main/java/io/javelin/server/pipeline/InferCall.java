package io.javelin.server.pipeline;

import io.javelin.batching.BatchItem;
import io.javelin.batching.MicroBatcher;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.router.RouteDecision;
import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One request on its way through the server.
///
/// The front creates it and hands it to [InferencePipeline#accept]; from then on the pipeline owns
/// it. Answer, deadline and cancellation race: [#claim] lets exactly one of them win. Fields that
/// [#bind] sets are written on the event loop before the queue hands the call to a batch worker,
/// which orders them.
public final class InferCall implements BatchItem {
  private static final VarHandle ANSWERED;

  static {
    try {
      ANSWERED = MethodHandles.lookup().findVarHandle(InferCall.class, "answered", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final InferRequest request;
  private final Payload payload;
  private final ReplyPort reply;
  private final @Nullable String userId;
  private final long arrivedNanos;
  private final long callerDeadlineNanos;

  private @Nullable RequestTrace trace;
  private @Nullable Binding binding;
  private @Nullable String tenant;
  private int priorityLevel = 1;
  private long cost;
  private long delayAfterNanos = NO_DEADLINE;
  private @Nullable CacheResult cacheResult;
  private @Nullable Flight flight;
  private @Nullable SplitCall split;
  private @Nullable SplitCall partOf;
  private long deadlineNanos;
  private boolean queueTimeoutFirst;
  private boolean delivered;
  private boolean closed;
  private volatile boolean cancelled;
  private volatile @Nullable MicroBatcher<InferCall> waitsIn;

  @SuppressWarnings("UnusedVariable") // Accessed through ANSWERED.
  private volatile boolean answered;

  /// What routing and validation found out.
  ///
  /// @param order `order[i]` is the request's input for the signature's input `i`
  /// @param shapes full shape of each input, in the signature's order
  /// @param outputs wanted output indexes of the signature, ascending
  /// @param batchKey see [BatchItem#batchKey]
  record Binding(
      Lease<ModelRuntime> lease,
      RouteDecision route,
      int rows,
      int[] order,
      long[][] shapes,
      int[] outputs,
      Object batchKey) {}

  /// A call that has just arrived.
  ///
  /// @param userId the caller's user id, or null
  /// @param arrivedNanos when the last byte was decoded, monotonic
  /// @param deadlineNanos the caller's deadline, monotonic, or [BatchItem#NO_DEADLINE]
  public InferCall(
      InferRequest request,
      Payload payload,
      ReplyPort reply,
      @Nullable String userId,
      long arrivedNanos,
      long deadlineNanos) {
    this.request = request;
    this.payload = payload;
    this.reply = reply;
    this.userId = userId;
    this.arrivedNanos = arrivedNanos;
    this.callerDeadlineNanos = deadlineNanos;
    this.deadlineNanos = deadlineNanos;
  }

  /// The decoded request.
  public InferRequest request() {
    return request;
  }

  /// The model's version that serves this call. Only after binding.
  public long version() {
    return binding().lease().version();
  }

  /// Name of the variant the user was given. Only after binding.
  public String variant() {
    return binding().route().variant();
  }

  /// Signature indexes of the outputs the caller wants, ascending. Only after binding.
  public int[] outputs() {
    return binding().outputs();
  }

  /// The version that serves this call. Only after binding.
  public ModelRuntime runtime() {
    return binding().lease().servable();
  }

  /// What the response cache did, or null when the model has none.
  public @Nullable CacheResult cacheResult() {
    return cacheResult;
  }

  void cacheResult(CacheResult result) {
    cacheResult = result;
  }

  /// The flight that this call leads or waits for, or null.
  @Nullable Flight flight() {
    return flight;
  }

  void flight(@Nullable Flight joined) {
    flight = joined;
  }

  /// The parts that this call runs as, or null when it runs whole.
  @Nullable SplitCall split() {
    return split;
  }

  void split(SplitCall parts) {
    split = parts;
  }

  /// The larger call that this one is a part of, or null.
  @Nullable SplitCall partOf() {
    return partOf;
  }

  void partOf(SplitCall whole) {
    partOf = whole;
  }

  /// Gives the call its span; it ends together with the call.
  public void trace(RequestTrace trace) {
    this.trace = trace;
  }

  /// W3C context of the call's span for the answer, or null when tracing is off.
  public @Nullable String traceparent() {
    RequestTrace current = trace;
    return current == null ? null : current.traceparent();
  }

  /// Says whose call this is, for fair shares and quotas; null = nobody's in particular.
  public void tenant(@Nullable String tenant) {
    this.tenant = tenant;
  }

  /// The caller has gone: nobody waits for an answer any more. Any thread, any time.
  public void cancel() {
    cancelled = true;
    Binding bound = binding;
    if (bound == null) {
      return;
    }
    ModelRuntime runtime = bound.lease().servable();
    if (!withdraw()) {
      runtime.onCancelled();
    } else if (claim()) {
      runtime.outcomes().canceled(this);
    }
  }

  /// Takes the call out of the queue it waits in; true when the caller owns it now.
  private boolean withdraw() {
    Flight boarded = flight;
    if (boarded != null && boarded.leave(this)) {
      return true;
    }
    SplitCall parts = split;
    if (parts != null) {
      parts.cancel();
      return false; // It ends with its last part.
    }
    MicroBatcher<InferCall> batcher = waitsIn;
    return batcher != null && batcher.cancel(this);
  }

  /// Tells where the call is about to be queued.
  void waitsIn(MicroBatcher<InferCall> batcher) {
    waitsIn = batcher;
  }

  @Override
  public int rows() {
    return binding().rows();
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Object batchKey() {
    return binding().batchKey();
  }

  @Override
  public long answerByNanos() {
    return callerDeadlineNanos;
  }

  @Override
  public @Nullable String tenant() {
    return tenant;
  }

  @Override
  public int priorityLevel() {
    return priorityLevel;
  }

  @Override
  public long cost() {
    return cost == 0 ? rows() : cost;
  }

  @Override
  public long delayAfterNanos() {
    return delayAfterNanos;
  }

  @Nullable String userId() {
    return userId;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  Payload payload() {
    return payload;
  }

  @Nullable RequestTrace trace() {
    return trace;
  }

  RouteDecision route() {
    return binding().route();
  }

  Binding binding() {
    Binding bound = binding;
    if (bound == null) {
      throw new IllegalStateException("call is not bound to a version yet");
    }
    return bound;
  }

  boolean isBound() {
    return binding != null;
  }

  void bind(Binding bound) {
    binding = bound;
  }

  /// Limits the wait in the queue; the caller's deadline holds as well.
  void limitQueueTime(long timeoutNanos) {
    long limit = arrivedNanos + timeoutNanos;
    if (callerDeadlineNanos == NO_DEADLINE || limit - callerDeadlineNanos < 0) {
      deadlineNanos = limit;
      queueTimeoutFirst = true;
    }
  }

  /// Lets the call wait behind the others of its level when it has waited for `timeoutNanos`.
  void delayAfter(long timeoutNanos) {
    delayAfterNanos = arrivedNanos + timeoutNanos;
  }

  /// Puts the call into a priority level; 1 is served first.
  void priorityLevel(int level) {
    priorityLevel = level;
  }

  /// What the call adds to the cost of a batch, at least 1; the number of its rows if never called.
  void cost(long cost) {
    this.cost = cost;
  }

  /// Whether the request has the signature's input `index`; false only for one that is generated.
  boolean hasData(int index) {
    return binding().order()[index] >= 0;
  }

  /// Data of the signature's input `index`.
  TensorBytes data(int index) {
    TensorBytes data = request.inputs().get(binding().order()[index]).data();
    if (data == null) {
      throw new IllegalStateException("validated request without data");
    }
    return data;
  }

  /// Wins the right to answer; true for exactly one caller.
  boolean claim() {
    return ANSWERED.compareAndSet(this, false, true);
  }

  /// Sends the answer unless something else has won.
  boolean answer(BatchOutputs outputs, int firstRow) {
    if (cancelled || !claim()) {
      return false;
    }
    delivered = true;
    reply.answer(this, outputs, firstRow);
    return true;
  }

  /// Whether [#answer] sent the answer. For the batch worker that called it.
  boolean delivered() {
    return delivered;
  }

  /// Sends a refusal unless something else has won.
  boolean refuse(Refusal refusal) {
    if (!claim()) {
      return false;
    }
    reply.refuse(this, refusal);
    return true;
  }

  /// Whether [#deadlineNanos] is the limit of the queue time, not the caller's deadline.
  boolean hasQueueTimeout() {
    return queueTimeoutFirst;
  }

  /// The refusal for a deadline that passed in the queue.
  Refusal expiry() {
    return queueTimeoutFirst
        ? new Refusal.QueueTimeout(request.model(), version())
        : new Refusal.DeadlineExceeded(request.model(), version());
  }

  /// Lets go of the received message and of the version. By the call's owner; the second time does
  /// nothing.
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    payload.release();
    Binding bound = binding;
    if (bound != null) {
      bound.lease().close();
    }
  }

  boolean isClosed() {
    return closed;
  }
}
