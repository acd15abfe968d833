/** The state of an application as files: what a snapshot is made of, and how it comes back. */
@NullMarked
package dev.weir.allinone.state;

import org.jspecify.annotations.NullMarked;
