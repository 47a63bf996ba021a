package io.javelin.router;

import java.util.regex.Pattern;

/// What a salt looks like. It never holds a `:`, which separates it from the unit.
final class Salt {
  static final String EXPECTED =
      "expected 1 to 128 of the characters A-Z a-z 0-9 . _ / -, the first a letter or digit";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

  private Salt() {}

  static boolean isValid(String salt) {
    return FORM.matcher(salt).matches();
  }

  /// The salt that samples the requests of the shadow `name`.
  static String ofShadow(String name) {
    return "shadow/" + name;
  }
}
