package io.javelin.benchmarks.bench.client;

import java.time.Duration;
import java.util.List;

/// What is sent.
///
/// @param requests serialised `ModelInferRequest`s, sent in turn; shared, must not be changed
/// @param users distinct user ids, one drawn for each request; 0 = no user id is sent
/// @param deadline of each request from its intended start; zero = none is sent, and none is
///   counted as late
/// @param seed of arrival times and of the choice of users
public record Traffic(List<byte[]> requests, int users, Duration deadline, long seed) {
  public Traffic {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("at least one request is needed");
    }
    if (users < 0) {
      throw new IllegalArgumentException("users must not be negative: " + users);
    }
    if (deadline.isNegative()) {
      throw new IllegalArgumentException("deadline must not be negative: " + deadline);
    }
  }
}
