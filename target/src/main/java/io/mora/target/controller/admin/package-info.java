/** Admin and fabrics commands, log pages, features, events. */
@NullMarked
package io.mora.target.controller.admin;

import org.jspecify.annotations.NullMarked;
