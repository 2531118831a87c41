/** What requests of a service read and write: drawn, without knowing how it is done. */
@NullMarked
package io.mora.cli.workload.plan;

import org.jspecify.annotations.NullMarked;
