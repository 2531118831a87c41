/** Commands of the NVM command set. */
@NullMarked
package io.mora.target.controller.nvm;

import org.jspecify.annotations.NullMarked;
