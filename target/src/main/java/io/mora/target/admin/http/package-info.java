/** HTTP as the API uses it: routes, bounded requests, replies, who asks. */
@NullMarked
package io.mora.target.admin.http;

import org.jspecify.annotations.NullMarked;
