/** {@code weir plan}: what other settings would change, computed in the shadow of what runs. */
@NullMarked
package dev.weir.allinone.plan;

import org.jspecify.annotations.NullMarked;
