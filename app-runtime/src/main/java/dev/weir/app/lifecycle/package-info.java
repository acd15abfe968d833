/** Start, readiness and orderly stop of an application's process. */
@NullMarked
package dev.weir.app.lifecycle;

import org.jspecify.annotations.NullMarked;
