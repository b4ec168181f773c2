/**
 * Views: the same memory under another layout. A view op is a layout rule and a gradient; where the
 * view leaves elements out, the gradient is {@link io.kindling.op.view.ViewBackward}.
 */
package io.kindling.op.view;
