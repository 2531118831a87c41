package io.mora.protocol.data.log;

import static io.mora.protocol.data.StructureField.Span.numberAt;
import static io.mora.protocol.data.StructureField.Span.textAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/** Firmware Slot Information, log 03h. AFI bits 2:0 name the active slot. */
public final class FirmwareLogPage extends Structure<FirmwareLogPage.Field> {
  public static final int LENGTH = 512;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    AFI(numberAt(0, 1)),
    FRS1(textAt(8, 8)),
    FRS2(textAt(16, 8)),
    FRS3(textAt(24, 8)),
    FRS4(textAt(32, 8)),
    FRS5(textAt(40, 8)),
    FRS6(textAt(48, 8)),
    FRS7(textAt(56, 8));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private FirmwareLogPage(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static FirmwareLogPage decode(ByteBuf buf, int at) {
    return new FirmwareLogPage(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, FirmwareLogPage> builder() {
    return new Builder<>(LENGTH, FirmwareLogPage::new);
  }

  /** The page of a controller with one slot that cannot be changed. */
  public static FirmwareLogPage singleSlot(String revision) {
    return builder().set(Field.AFI, 1).set(Field.FRS1, revision).build();
  }
}
