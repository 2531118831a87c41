/** What the target has counted, as Prometheus takes it. */
@NullMarked
package io.mora.target.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
