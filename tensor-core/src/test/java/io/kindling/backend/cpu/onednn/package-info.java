/** Tests of the oneDNN backend against the ops' own plain-Java kernels. */
package io.kindling.backend.cpu.onednn;
