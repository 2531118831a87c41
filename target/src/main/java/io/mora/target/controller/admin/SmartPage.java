package io.mora.target.controller.admin;

import io.mora.protocol.data.log.SmartLogPage;
import io.mora.target.controller.Controller;
import io.mora.target.metrics.IoTotals;
import java.util.concurrent.TimeUnit;

/**
 * Log 02h: what a controller has done since its Connect. There is no wear and no thermometer:
 * temperature, spare and percentage used are those of a device in good health.
 */
final class SmartPage {
  /** Critical warning: errors of the medium have made the storage less reliable. */
  private static final int DEGRADED = 1 << 2;

  private static final int ROOM_TEMPERATURE_K = 300;
  private static final int SPARE_PERCENT = 100;
  private static final int SPARE_THRESHOLD_PERCENT = 10;

  private final Controller controller;

  SmartPage(Controller controller) {
    this.controller = controller;
  }

  SmartLogPage page() {
    IoTotals totals = controller.ioTotals();
    long readBytes = totals.readBytes() + totals.verifiedBytes();
    boolean degraded = totals.mediaErrors() > 0 || controller.notices().errors().hasMediaErrors();
    return SmartLogPage.builder()
        .set(SmartLogPage.Field.CRITICAL_WARNING, degraded ? DEGRADED : 0)
        .set(SmartLogPage.Field.TEMPERATURE, ROOM_TEMPERATURE_K)
        .set(SmartLogPage.Field.AVSP, SPARE_PERCENT)
        .set(SmartLogPage.Field.AVSPT, SPARE_THRESHOLD_PERCENT)
        .set(SmartLogPage.Field.DUR, SmartLogPage.dataUnits(readBytes))
        .set(SmartLogPage.Field.DUW, SmartLogPage.dataUnits(totals.writeBytes()))
        .set(SmartLogPage.Field.HRC, totals.reads())
        .set(SmartLogPage.Field.HWC, totals.writes())
        .set(SmartLogPage.Field.CBT, controller.busy().minutes())
        .set(SmartLogPage.Field.PWRC, 1)
        .set(SmartLogPage.Field.POH, TimeUnit.NANOSECONDS.toHours(controller.uptimeNs()))
        .set(SmartLogPage.Field.MDIE, totals.mediaErrors())
        .set(SmartLogPage.Field.NEIE, controller.notices().errors().count())
        .build();
  }
}
