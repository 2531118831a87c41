/** What is laid around a namespace's storage. */
@NullMarked
package io.mora.protocol.admin.storage;

import org.jspecify.annotations.NullMarked;
