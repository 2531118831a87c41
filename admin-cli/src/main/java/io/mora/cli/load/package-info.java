/** The load engine: slots, pacing, verification, histograms. No command line. */
@NullMarked
package io.mora.cli.load;

import org.jspecify.annotations.NullMarked;
