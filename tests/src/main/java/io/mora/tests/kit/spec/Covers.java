package io.mora.tests.kit.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The claims of {@code spec/claims.md} that a test tries, by their keys. On a class it stands for
 * every test in it; what a method says comes on top. docs/SPEC.md is made of these.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Covers {
  String[] value();
}
