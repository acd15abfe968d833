/**
 * Renders the chart with Helm itself and looks at what Kubernetes would be given. Nothing here
 * talks to a cluster.
 */
@NullMarked
package dev.weir.helm;

import org.jspecify.annotations.NullMarked;
