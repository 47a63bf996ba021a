/// Micro-batching: requests that wait for the same model version are joined into one run.
///
/// **Start reading** at [io.javelin.batching.MicroBatcher], then `BatchLoop` (the step),
/// `BatchQueue` (the only lock), `BatchFormer` (the decision, pure) and `AdmissionControl`. A
/// request travels `submit` → `BatchQueue` → `BatchLoop.doWork` →
/// [io.javelin.batching.BatchRunner].
///
/// **Threads.** Any thread submits, cancels and reconfigures. A `BatchWorker` thread per engine
/// instance calls the step, or whoever holds the steps of a batcher without threads. The runner and
/// the listener are called on that thread and never while the queue is locked. No class here reads
/// a clock; the time is passed in, as monotonic nanoseconds.
///
/// **May import** the JDK, JSpecify and the Error Prone annotations, nothing else.
///
/// **Do not fix this**, unless a measurement says so:
///
/// - *An idle instance does not wait for company by default.* While an instance is busy, requests
///   gather by themselves, and the next batch is larger: back-pressure makes the batch. On a CPU
///   every delay above zero made latency and throughput worse, because with as many callers as a
///   batch has rows the window can only end by time-out.
/// - *A lock and a ring, not a lock-free queue.* Rows bound, cancel, batch forming and going idle
///   are one atomic step each, and the lock is held for a microsecond. Go lock-free when a profile
///   shows the lock.
/// - *The idle steps are registered under the queue's lock* and not by flags beside it. Deciding
///   "there is nothing to do" and becoming wakeable is then one step, and no wake-up can get lost.
/// - *One wake-up at a time.* A burst wakes one worker, which wakes the next one only if it leaves
///   requests behind. An `unpark` costs the submitter about 5 us, as much as a request.
/// - *An arrival that cannot close the batch earlier does not wake the step that watches the
///   delay.*
/// - *Nobody spins*: with two cores the spinning thread starves the one that brings the work.
/// - *Levels and tenants have a `Backlog` behind the ring.* A batcher that tells nobody apart has
///   none, and pays nothing.
/// - *No clock is read to learn what a run takes*: the step is called again at once, with the time.
/// - *First in, first out, also across keys.* A younger request with the key of the batch does not
///   overtake. Reordering would starve rare keys; a queue per key would need a fairness rule.
/// - *Dead requests are dropped when their turn comes*, not by sweeping the queue: a sweep costs
///   time under the lock in proportion to the backlog, when there is none to spare. A caller that
///   leaves frees its rows at once by `cancel`.
/// - *The wait for company ends the time of a full run and half a millisecond before the earliest
///   deadline*: parked threads wake late, and a request must not expire only because it waited for
///   others.
/// - *What a listener throws goes to the uncaught-exception handler* and not to `onRunFailed`,
///   which would answer requests that may have been answered.
@NullMarked
package io.javelin.batching;

import org.jspecify.annotations.NullMarked;
