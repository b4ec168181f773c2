/** placeholder */ package io.kindling.tensor;
