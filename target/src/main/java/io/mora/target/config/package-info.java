/** The configuration file: text to validated specs. */
@NullMarked
package io.mora.target.config;

import org.jspecify.annotations.NullMarked;
