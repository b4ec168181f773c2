/**
 * Backends: where kernels come from. A {@link io.kindling.backend.Backend} belongs to a kind of
 * device and offers kernels for some operations, types and layouts; {@link
 * io.kindling.backend.Backends} asks those of a device in order of priority and ends at the
 * plain-Java one, which has them all.
 *
 * <p>To add a kernel, add a class to the backend's package and name it in the backend's list. To
 * add a backend, implement {@code Backend}, name it in {@code META-INF/services} and extend {@code
 * BackendContractTest}.
 */
package io.kindling.backend;
