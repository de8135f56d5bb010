// What one polynomial gives: e^x and e^x - 1.
#ifndef GF_EXPONENTIALS_H
#define GF_EXPONENTIALS_H

typedef struct {
  float e, e_minus_1;
} gf_exponentials_f32;

typedef struct {
  double e, e_minus_1;
} gf_exponentials_f64;

#endif
