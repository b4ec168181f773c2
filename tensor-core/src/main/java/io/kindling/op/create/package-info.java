/** Operations without inputs, which make tensors from attributes alone. */
package io.kindling.op.create;
