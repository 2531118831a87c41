/** The management contract, which is also the configuration file's shape. */
@NullMarked
package io.mora.protocol.admin;

import org.jspecify.annotations.NullMarked;
