package io.mora.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.ErrorLogEntry;
import io.mora.protocol.data.log.FirmwareLogPage;
import io.mora.protocol.data.log.SmartLogPage;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.NamespaceIntent;
import io.mora.protocol.intent.Registration;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layouts as tables: fields ascend, do not overlap, and with what is reserved fill the structure.
 */
class StructureLayoutTest {
  /**
   * @param reserved offset+width of every gap
   */
  record Layout<F extends Enum<F> & StructureField, S extends Structure<F>>(
      Class<F> fields,
      int length,
      String reserved,
      Supplier<Structure.Builder<F, S>> builder,
      BiFunction<ByteBuf, Integer, S> decode) {
    @Override
    public String toString() {
      return fields.getDeclaringClass().getSimpleName();
    }
  }

  static Stream<Layout<?, ?>> layouts() {
    return Stream.of(
        new Layout<>(
            IdentifyController.Field.class,
            4096,
            "103+1 108+2 135+118 359+1 362+6 385+1 388+124 568+200 1024+768 1807+241",
            IdentifyController::builder,
            IdentifyController::decode),
        new Layout<>(
            IdentifyNamespace.Field.class,
            4096,
            "83+1 88+4 96+3",
            IdentifyNamespace::builder,
            IdentifyNamespace::decode),
        new Layout<>(
            IdentifyNamespaceIndependent.Field.class,
            4096,
            "9+1 18+2 24+4072",
            IdentifyNamespaceIndependent::builder,
            IdentifyNamespaceIndependent::decode),
        new Layout<>(
            IdentifyControllerNvm.Field.class,
            4096,
            "16+4080",
            IdentifyControllerNvm::builder,
            IdentifyControllerNvm::decode),
        new Layout<>(
            ErrorLogEntry.Field.class, 64, "42+21", ErrorLogEntry::builder, ErrorLogEntry::decode),
        new Layout<>(
            SmartLogPage.Field.class,
            512,
            "7+25 232+280",
            SmartLogPage::builder,
            SmartLogPage::decode),
        new Layout<>(
            FirmwareLogPage.Field.class,
            512,
            "1+7 64+448",
            FirmwareLogPage::builder,
            FirmwareLogPage::decode),
        new Layout<>(
            DiscoveryLogEntry.Field.class,
            1024,
            "12+20 64+192 769+255",
            DiscoveryLogEntry::builder,
            DiscoveryLogEntry::decode));
  }

  static Stream<Layout<?, ?>> intentLayouts() {
    return Stream.of(
        new Layout<>(
            HostFeedback.Field.class, 64, "9+3 46+18", HostFeedback::builder, HostFeedback::decode),
        new Layout<>(
            GrantPage.Field.class, 64, "49+1 52+12", GrantPage::builder, GrantPage::decode),
        new Layout<>(
            Registration.Field.class, 32, "14+2 24+8", Registration::builder, Registration::decode),
        new Layout<>(
            NamespaceIntent.Field.class,
            64,
            "28+32",
            NamespaceIntent::builder,
            NamespaceIntent::decode),
        new Layout<>(
            ClassLogPage.Header.Field.class,
            256,
            "40+216",
            ClassLogPage.Header::builder,
            ClassLogPage.Header::decode),
        new Layout<>(
            ClassRecord.Field.class,
            1024,
            "124+4 136+120",
            ClassRecord::builder,
            ClassRecord::decode));
  }

  @ParameterizedTest
  @MethodSource({"layouts", "intentLayouts"})
  <F extends Enum<F> & StructureField, S extends Structure<F>> void fieldsAndGapsFillTheStructure(
      Layout<F, S> layout) {
    StringBuilder gaps = new StringBuilder();
    int end = 0;
    for (F field : layout.fields().getEnumConstants()) {
      assertThat(field.offset()).as("%s overlaps", field).isGreaterThanOrEqualTo(end);
      if (field.offset() > end) {
        gaps.append(' ').append(end).append('+').append(field.offset() - end);
      }
      end = field.offset() + field.width();
    }
    if (end < layout.length()) {
      gaps.append(' ').append(end).append('+').append(layout.length() - end);
    }
    assertThat(end).isLessThanOrEqualTo(layout.length());
    assertThat(gaps.toString().strip()).isEqualTo(layout.reserved());
    assertThat(layout.builder().get().build().bytes().length()).isEqualTo(layout.length());
  }

  @ParameterizedTest
  @MethodSource({"layouts", "intentLayouts"})
  <F extends Enum<F> & StructureField, S extends Structure<F>> void aFieldSetTouchesItsBytesOnly(
      Layout<F, S> layout) {
    Random random = new Random(20261121);
    for (F field : layout.fields().getEnumConstants()) {
      byte[] raw = new byte[field.width()];
      random.nextBytes(raw);
      S structure = layout.builder().get().set(field, Bytes.of(raw)).build();
      byte[] all = structure.bytes().toArray();
      for (int i = 0; i < all.length; i++) {
        boolean inside = i >= field.offset() && i < field.offset() + field.width();
        int expected = inside ? raw[i - field.offset()] : 0;
        assertThat(all[i]).as("%s byte %d", field, i).isEqualTo((byte) expected);
      }
      assertThat(structure.bytes(field)).isEqualTo(Bytes.of(raw));
      if (field.width() <= Long.BYTES) {
        S again = layout.builder().get().set(field, structure.value(field)).build();
        assertThat(again).as("%s as a number", field).isEqualTo(structure);
        assertThat(structure.wideValue(field).longValue()).isEqualTo(structure.value(field));
      }
    }
  }

  @ParameterizedTest
  @MethodSource({"layouts", "intentLayouts"})
  <F extends Enum<F> & StructureField, S extends Structure<F>> void numbersThatDoNotFitAreRefused(
      Layout<F, S> layout) {
    for (F field : layout.fields().getEnumConstants()) {
      Structure.Builder<F, S> builder = layout.builder().get();
      if (field.width() < Long.BYTES) {
        long most = (1L << 8 * field.width()) - 1;
        assertThat(builder.set(field, most).build().value(field)).isEqualTo(most);
        assertThatThrownBy(() -> builder.set(field, most + 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith(field.name() + " = " + (most + 1));
        assertThatThrownBy(() -> builder.set(field, -1)).hasMessageContaining("unsigned");
      }
      String tooLong = "x".repeat(field.width() + 1);
      assertThatThrownBy(() -> builder.set(field, tooLong)).hasMessageContaining("at most");
    }
  }

  @ParameterizedTest
  @MethodSource({"layouts", "intentLayouts"})
  <F extends Enum<F> & StructureField, S extends Structure<F>> void anyBytesShowAndSurvive(
      Layout<F, S> layout) {
    Random random = new Random(20261121);
    for (int round = 0; round < 200; round++) {
      byte[] raw = new byte[layout.length()];
      random.nextBytes(raw);
      S structure = layout.decode().apply(Unpooled.wrappedBuffer(raw), 0);
      for (F field : layout.fields().getEnumConstants()) {
        assertThat(structure.show(field)).doesNotContain("\n");
      }
      ByteBuf out = Unpooled.buffer(layout.length()).writeZero(layout.length());
      structure.encode(out, 0);
      assertThat(Bytes.copyOf(out, 0, layout.length())).isEqualTo(Bytes.of(raw));
    }
    assertThatThrownBy(() -> layout.decode().apply(Unpooled.buffer(8).writeZero(8), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs " + layout.length() + " bytes");
  }
}
