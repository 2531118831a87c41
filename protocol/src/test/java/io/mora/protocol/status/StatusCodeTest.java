package io.mora.protocol.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusCodeTest {
  private static final int READ = 0x02;
  private static final int FABRICS = 0x7F;

  /** Every status the code can produce has a name, so that no message says "unknown". */
  @Test
  void everyConstantOfStatusIsNamed() throws IllegalAccessException {
    Set<String> flags = Set.of("CRD_SHIFT", "MORE", "DNR");
    Set<String> types = Set.of("GENERIC", "COMMAND_SPECIFIC", "MEDIA", "PATH", "VENDOR");
    int checked = 0;
    for (Field field : Status.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && field.getType() == int.class
          && !flags.contains(field.getName())
          && !types.contains(field.getName())) {
        int status = field.getInt(null);
        int opcode =
            field.getName().matches("CONNECT_.*|DISC.*|AUTH.*|INVALID_QUEUE_TYPE") ? FABRICS : READ;
        assertThat(StatusCode.of(status, opcode)).as(field.getName()).isNotNull();
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(50);
  }

  @Test
  void codesAreUniqueWithinTheirScope() {
    Set<String> seen = new HashSet<>();
    assertThat(Arrays.stream(StatusCode.values()).map(s -> s.code() + "/" + s.fabricsOnly()))
        .allMatch(seen::add);
  }

  @Test
  void fabricsCommandsHaveTheirOwnMeanings() {
    assertThat(StatusCode.of(0x180, FABRICS)).isEqualTo(StatusCode.CONNECT_INCOMPATIBLE_FORMAT);
    assertThat(StatusCode.of(0x180, READ)).isEqualTo(StatusCode.CONFLICTING_ATTRIBUTES);
    assertThat(StatusCode.of(0x002, FABRICS)).isEqualTo(StatusCode.INVALID_FIELD_IN_COMMAND);
    assertThat(StatusCode.of(0x191, READ)).isNull();
  }

  @Test
  void describesHintsAndStrangers() {
    int status = Status.COMMAND_INTERRUPTED | Status.MORE | 2 << Status.CRD_SHIFT;
    assertThat(StatusCode.describe(status, READ))
        .isEqualTo("Command Interrupted (0/21 CRD2 MORE); repeat after the indicated delay");
    assertThat(StatusCode.describe(0, READ)).isEqualTo("Successful Completion (0/00)");
    assertThat(StatusCode.describe(0x703 | Status.DNR, READ))
        .startsWith("Latency Budget Expired (7/03 DNR)");
    assertThat(StatusCode.describe(0x7C3 | Status.DNR, READ))
        .startsWith("Vendor Specific Status (7/C3 DNR)");
    assertThat(StatusCode.describe(0x2FF, READ)).startsWith("Unknown Status (2/FF)");
    assertThat(StatusCode.kindOf(0x2FF, READ)).isEqualTo(StatusKind.MEDIA);
    assertThat(StatusCode.kindOf(0x7FF, READ)).isEqualTo(StatusKind.OTHER);
  }
}
