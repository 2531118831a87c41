/** What a machine needs to serve storage without surprises, and whether it has it. */
@NullMarked
package io.mora.cli.doctor;

import org.jspecify.annotations.NullMarked;
