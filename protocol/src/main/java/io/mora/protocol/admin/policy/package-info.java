/** What hosts are promised and how I/O is ordered: the policy part of the management contract. */
@NullMarked
package io.mora.protocol.admin.policy;

import org.jspecify.annotations.NullMarked;
