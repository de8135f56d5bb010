// Which of the two precisions an array is in, where its type does not say so.
#ifndef GF_ELEMENT_H
#define GF_ELEMENT_H

typedef enum gf_element {
  GF_FLOAT32,
  GF_FLOAT64
} gf_element;

#endif
