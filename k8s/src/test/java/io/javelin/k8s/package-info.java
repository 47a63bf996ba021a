/// Tests of the Kubernetes manifests.
///
/// Start reading at [BaseManifestsTest]. Single-threaded; no cluster is needed.
@NullMarked
package io.javelin.k8s;

import org.jspecify.annotations.NullMarked;
