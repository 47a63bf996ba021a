package io.javelin.benchmarks.load;

import java.time.Duration;

/// One load run.
///
/// @param warmUp sent before the measurement and not counted in it; may be zero
/// @param duration of the measurement
/// @param maxInFlight unanswered requests at which an open loop stops sending and counts an overrun
/// @param deadline of each request, from its intended start; zero = no deadline
/// @param users distinct user ids `user-0` to `user-(users-1)`; 0 = no user id is sent
/// @param seed of the arrival times and of the choice of users
public record LoadConfig(
    Arrivals arrivals,
    Duration warmUp,
    Duration duration,
    int maxInFlight,
    Duration deadline,
    int users,
    long seed) {
  public LoadConfig {
    require(!warmUp.isNegative(), "warm-up must not be negative: " + warmUp);
    require(duration.isPositive(), "duration must be positive: " + duration);
    require(maxInFlight >= 1, "max in flight must be at least 1: " + maxInFlight);
    require(!deadline.isNegative(), "deadline must not be negative: " + deadline);
    require(users >= 0, "users must not be negative: " + users);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
