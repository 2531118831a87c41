/** Requests of a model server as a load: what they read, when, and what they wait for. */
@NullMarked
package io.mora.cli.workload;

import org.jspecify.annotations.NullMarked;
