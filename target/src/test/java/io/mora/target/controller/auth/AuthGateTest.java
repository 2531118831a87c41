package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.QueueOwner;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuthGateTest {
  static Stream<Method> methods() {
    return Stream.of(CommandSet.class, QueueOwner.class).flatMap(t -> Stream.of(t.getMethods()));
  }

  /** A method with a default that the gate does not pass on would be lost behind it. */
  @ParameterizedTest
  @MethodSource("methods")
  void everythingIsPassedOn(Method method) throws NoSuchMethodException {
    assertThat(AuthGate.class.getMethod(method.getName(), method.getParameterTypes()))
        .extracting(Method::getDeclaringClass)
        .isEqualTo(AuthGate.class);
  }
}
