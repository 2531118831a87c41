package io.mora.cli.nvme;

import io.mora.cli.connect.Session;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.output.GlobalOptions;
import io.mora.initiator.Association;
import io.mora.initiator.Initiator;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.StructureField;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora id-ctrl}. */
@Command(name = "id-ctrl", description = "Prints what a controller says of itself.")
public final class IdCtrlCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private SubsystemOptions subsystem = new SubsystemOptions();

  @Option(names = "--all", description = "Fields that are zero too, and vendor areas.")
  private boolean all;

  @Override
  public Integer call() throws TimeoutException, InterruptedException {
    try (Initiator initiator = Session.start(subsystem.host());
        Association association = SubsystemOptions.open(initiator, subsystem.connect(1, 128))) {
      IdentifyController identify = association.identify();
      global.print(json(identify), out -> table(out, identify, all));
    }
    return 0;
  }

  static void table(PrintWriter out, IdentifyController identify, boolean all) {
    for (Field field : Field.values()) {
      if (all || (!identify.bytes(field).isZero() && !isArea(field))) {
        out.printf(Locale.ROOT, "%-9s : %s%n", key(field), shown(identify, field));
      }
    }
  }

  static Map<String, Object> json(IdentifyController identify) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Field field : Field.values()) {
      if (!isArea(field)) {
        fields.put(
            key(field),
            field.kind() == StructureField.Kind.NUMBER
                ? identify.wideValue(field)
                : identify.show(field));
      }
    }
    return fields;
  }

  /** A kilobyte of power states or vendor bytes: hex digits nobody reads. */
  private static boolean isArea(Field field) {
    return field == Field.PSD || field == Field.VS;
  }

  private static String key(Field field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  /** Sets of bits in hex, as nvme-cli has them; the rest as it is. */
  private static String shown(IdentifyController identify, Field field) {
    return switch (field) {
      case VID, SSVID, IEEE, VER, CMIC, OAES, CTRATT, OACS, FRMW, LPA, SANICAP, ANACAP ->
          hex(identify, field);
      case SQES, CQES, ONCS, FUSES, FNA, VWC, NWPC, SGLS, FCATT, OFCS -> hex(identify, field);
      case PSD, VS -> identify.bytes(field).isZero() ? "all zero" : identify.show(field);
      default -> identify.show(field);
    };
  }

  private static String hex(IdentifyController identify, Field field) {
    return "0x" + identify.wideValue(field).toString(16);
  }
}
