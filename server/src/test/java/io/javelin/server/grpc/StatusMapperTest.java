package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.javelin.batching.Admission;
import io.javelin.server.pipeline.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusMapperTest {
  private static final Map<Refusal, Status.Code> CODES =
      Map.of(
          new Refusal.Malformed("x"), Status.Code.INTERNAL,
          new Refusal.UnknownModel("m", List.of("n")), Status.Code.NOT_FOUND,
          new Refusal.UnknownVersion("m", 7, List.of(1L)), Status.Code.NOT_FOUND,
          new Refusal.NoReadyVersion("m", ""), Status.Code.NOT_FOUND,
          new Refusal.VersionNotReady("m", 1, ""), Status.Code.UNAVAILABLE,
          new Refusal.InvalidArgument("x"), Status.Code.INVALID_ARGUMENT,
          new Refusal.DeadlineExceeded("m", 1), Status.Code.DEADLINE_EXCEEDED,
          new Refusal.OverQuota("t", "m", 5), Status.Code.RESOURCE_EXHAUSTED,
          new Refusal.QueueTimeout("m", 1), Status.Code.UNAVAILABLE,
          new Refusal.EngineFailed("m", 1, "x"), Status.Code.INTERNAL);

  private static final Map<Admission.Reason, Status.Code> ADMISSION_CODES =
      Map.of(
          Admission.Reason.QUEUE_FULL, Status.Code.UNAVAILABLE,
          Admission.Reason.LIMIT, Status.Code.UNAVAILABLE,
          Admission.Reason.TENANT_SHARE, Status.Code.UNAVAILABLE,
          Admission.Reason.DEADLINE_UNREACHABLE, Status.Code.DEADLINE_EXCEEDED,
          Admission.Reason.CLOSED, Status.Code.UNAVAILABLE,
          Admission.Reason.TOO_MANY_ROWS, Status.Code.INVALID_ARGUMENT,
          Admission.Reason.DEADLINE_PASSED, Status.Code.DEADLINE_EXCEEDED);

  @Test
  void givesEveryRefusalItsCodeAndMessage() {
    CODES.forEach((refusal, code) -> assertMapped(code, refusal));
    Set<Class<?>> tested =
        CODES.keySet().stream().map(Object::getClass).collect(Collectors.toSet());
    Set<Class<?>> all =
        Arrays.stream(Refusal.class.getPermittedSubclasses())
            .filter(kind -> kind != Refusal.NotAdmitted.class)
            .collect(Collectors.toSet());
    assertEquals(all, tested);
  }

  @ParameterizedTest
  @EnumSource(Admission.Reason.class)
  void givesEveryAdmissionReasonItsCode(Admission.Reason reason) {
    Status.Code expected = ADMISSION_CODES.get(reason);
    if (expected == null) {
      throw new AssertionError("no code for " + reason);
    }
    assertMapped(expected, new Refusal.NotAdmitted("m", 1, reason, "64", 0));
  }

  @Test
  void tellsWhenItMakesSenseToTryAgain() {
    assertEquals("3", pushback(notAdmitted(Admission.Reason.QUEUE_FULL, 2_000_001)));
    assertEquals("1", pushback(notAdmitted(Admission.Reason.LIMIT, 1)));
    assertEquals("2", pushback(notAdmitted(Admission.Reason.TENANT_SHARE, 2_000_000)));
    assertNull(pushback(notAdmitted(Admission.Reason.DEADLINE_UNREACHABLE, 5_000_000)));
    assertNull(pushback(notAdmitted(Admission.Reason.CLOSED, 0)));
    assertEquals("500", pushback(new Refusal.OverQuota("t", "m", 500_000_000)));
    assertEquals("-1", pushback(new Refusal.OverQuota("t", "m", -1)));
    assertNull(pushback(new Refusal.QueueTimeout("m", 1)));
  }

  private static Refusal notAdmitted(Admission.Reason reason, long nanos) {
    return new Refusal.NotAdmitted("m", 1, reason, "", nanos);
  }

  private static @Nullable String pushback(Refusal refusal) {
    return StatusMapper.trailers(refusal)
        .get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
  }

  /// A caller may choose a name of any length; the refusal that quotes it must still fit into the
  /// metadata a client accepts.
  @Test
  void cutsATextThatQuotesAVeryLongName() {
    Refusal refusal = new Refusal.UnknownModel("x".repeat(100_000), List.of());

    String text = String.valueOf(StatusMapper.toStatus(refusal).getDescription());

    assertTrue(text.startsWith("Request for unknown model: 'xxx"), text);
    assertEquals(803, text.length());
  }

  private static void assertMapped(Status.Code code, Refusal refusal) {
    Status status = StatusMapper.toStatus(refusal);
    assertEquals(code, status.getCode(), refusal::toString);
    assertEquals(refusal.message(), status.getDescription());
  }
}
