# How fast do gradients decay or grow, by spectral radius?
#
# Decay rate of ‖∂L/∂h_t‖ by spectral radius. cross-entropy-final: rnn vanishes up to ρ = 1.5, is not
# distinguishable from constant at 2; lstm vanishes at every ρ; gru vanishes at every ρ
# Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide
# vanishing. To see vanishing, use loss: cross-entropy-final.
# mean and its 95 % confidence interval over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 ·
# input scale 1 · initializer gaussian · clip none · float32 · LSTM forget bias 1 · task text · mean field for
# σ_w from ρ/ρ_N to ρ · log_10 ρ is no criterion · run text (e06389a759c1)
# gradflow 0.1.0, run text (e06389a759c1)
#
# The data are in rate.csv beside this script. To draw it again, from any directory:
#   gnuplot -d rate.gp                       rate.svg and rate.png beside the script
#   gnuplot -d -e "format='pdf'" rate.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 3e19133a3a9585d7db45d05f4fc46b54fcc335af59a641abd7f47223b575fc94

reset
set encoding utf8
if (!exists("ARG0")) { ARG0 = "" }
script = ARG0
directory = script
while (strlen(directory) > 0 && directory[strlen(directory):*] ne "/") {
  directory = (strlen(directory) == 1) ? "" : directory[1:strlen(directory) - 1]
}
if (directory[1:1] ne "/") { directory = "./" . directory }
if (!exists("format")) {
  do for [each in "svg png"] { format = each; load script }
  undefine format
  exit
}
data = directory . "rate.csv"
target = exists("output") ? output : directory . "rate." . format
if (format eq "svg") {
  set terminal svg size 1400, 729.68 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 730 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 730 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 729.68 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
set output target

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
# A key takes no call for its font.
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
# Of the colour bar, too.
set style fill solid 1 noborder
set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder

# The columns of rate.csv.
loss_kind = 1; cell = 2; forget_bias = 3; spectral_radius = 4; decay_rate_mean = 5
ci95_low = 6; ci95_high = 7; trials_with_rate = 8; trials_without_rate = 9; claim = 10
mean_field_low = 11; mean_field_high = 12; lyapunov_rate_mean = 13; forget_path_rate_mean = 14
tied_mean_field = 15

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 6 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,3) pointtype 0 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 9 linecolor rgb '#D55E00' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 10 linecolor rgb '#009E73' linewidth 1.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by spectral radius}' at screen 0.017, screen 0.9558711 left font sized(1.3) textcolor rgb '#000000'
set label 'cross-entropy-final: rnn vanishes up to ρ = 1.5, is not distinguishable from constant at 2; lstm vanishes at every ρ; gru vanishes at every ρ' at screen 0.017, screen 0.9174981 left font sized(1) textcolor rgb '#222222'
set label 'Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide vanishing. To see vanishing, use loss: cross-entropy-final.' at screen 0.017, screen 0.8846892 left font sized(1) textcolor rgb '#B34700'
set label 'mean and its 95 % confidence interval over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 · input scale 1 · initializer gaussian · clip none · float32 · LSTM forget bias 1 · task text' at screen 0.017, screen 0.04930929 left font sized(0.86) textcolor rgb '#555555'
set label 'mean field for σ_w from ρ/ρ_N to ρ · log_{10} ρ is no criterion · run text (e06389a759c1)' at screen 0.017, screen 0.0218726 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8633922; set bmargin at screen 0.8031466
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'rnn', \
  keyentry with linespoints linetype 2 pointsize 1 title 'lstm', \
  keyentry with linespoints linetype 3 pointsize 1 title 'gru', \
  keyentry with filledcurves linetype 4 fillstyle transparent solid 0.3 noborder title 'plain RNN: mean field', \
  keyentry with points linetype 5 pointsize 1.6 title 'Lyapunov exponent λ_1 / ln 10', \
  keyentry with lines linetype 6 title 'linear: log_{10} ρ', \
  keyentry with lines linetype 7 title 'LSTM: forget path (a reference)'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: cross-entropy-final
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.509
set bmargin at screen 0.1565618; set tmargin at screen 0.7455871
set title 'cross-entropy-final' offset 0, lowered font sized(1)
set grid
set label 'spectral radius ρ of W_{hh}' at screen 0.5185, screen 0.0990023 center
set xlabel '' font sized(1)
set xrange [0.44:2.06]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2)
set ylabel 'rate (decades per step, < 0: decay)' font sized(1)
set yrange [-0.5253938:0.1447883]
set ytics ('−0.5' -0.5, '−0.4' -0.4, '−0.3' -0.3, '−0.2' -0.2, '−0.1' -0.1, '0' 0, '0.1' 0.1)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.44,-0.3565473
0.467,-0.3306831
0.494,-0.3062731
0.521,-0.2831623
0.548,-0.2612194
0.575,-0.2403322
0.602,-0.2204035
0.629,-0.2013494
0.656,-0.1830962
0.683,-0.1655793
0.71,-0.1487417
0.737,-0.1325325
0.764,-0.1169066
0.791,-0.1018235
0.818,-0.0872467
0.845,-0.07314329
0.872,-0.05948352
0.899,-0.04624031
0.926,-0.03338901
0.953,-0.0209071
0.98,-0.008773924
1.007,0.003029471
1.034,0.01452054
1.061,0.02571538
1.088,0.0366289
1.115,0.04727487
1.142,0.0576661
1.169,0.06781451
1.196,0.07773118
1.223,0.08742646
1.25,0.09691001
1.277,0.1061909
1.304,0.1152776
1.331,0.1241781
1.358,0.1328998
1.385,0.1414498
1.412,0.1498347
1.439,0.1580608
1.466,0.166134
1.493,0.1740598
1.52,0.1818436
1.547,0.1894903
1.574,0.1970047
1.601,0.2043913
1.628,0.2116544
1.655,0.218798
1.682,0.225826
1.709,0.2327421
1.736,0.2395497
1.763,0.2462523
1.79,0.252853
1.817,0.2593549
1.844,0.2657609
1.871,0.2720738
1.898,0.2782962
1.925,0.2844307
1.952,0.2904798
1.979,0.2964458
2.006,0.3023309
2.033,0.3081374
2.06,0.3138672
EOD
unset key
plot $guide0 using 1:2 with lines linetype 6 notitle, \
  data skip 1 index 0 every 1::0::3 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 4 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 1 using spectral_radius:lyapunov_rate_mean with points linetype 9 pointsize 1.6 notitle, \
  data skip 1 index 1 every 1::0::3 using spectral_radius:forget_path_rate_mean with lines linetype 7 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 2 using spectral_radius:lyapunov_rate_mean with points linetype 10 pointsize 1.6 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 3 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean with points linetype 3 pointsize 1 notitle

# Panel 2: cross-entropy-every-step
unset label; unset object; unset arrow
set lmargin at screen 0.528; set rmargin at screen 0.979
set bmargin at screen 0.1565618; set tmargin at screen 0.7455871
set title 'cross-entropy-every-step' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.44:2.06]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2)
set ylabel '' font sized(1)
set yrange [-0.5253938:0.1447883]
set ytics ('' -0.5, '' -0.4, '' -0.3, '' -0.2, '' -0.1, '' 0, '' 0.1)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
unset key
plot data skip 1 index 3 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 3 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 3 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 4 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 4 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 5 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 every 1::0::3 using spectral_radius:decay_rate_mean with lines linetype 3 notitle, \
  data skip 1 index 5 using spectral_radius:decay_rate_mean with points linetype 3 pointsize 1 notitle

unset multiplot
unset output
