# How fast do gradients decay or grow, by spectral radius?
#
# Decay rate of ‖∂L/∂h_t‖ by spectral radius. rnn vanishes up to ρ = 1.75, is not distinguishable from constant
# at 2, explodes from 2.25; lstm, forget bias 0 vanishes at every ρ; lstm, forget bias 1 vanishes at every ρ
# mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence
# length T = 200 (longest of 4) · initializer gaussian · loss final-dot · clip none (first of 2) · float32 ·
# LSTM forget bias 0, 1 · task gaussian-noise · mean field for σ_w from ρ/ρ_N to ρ · log_10 ρ is no criterion ·
# run decay (bb276bca7c9d)
# gradflow 0.1.0, run decay (bb276bca7c9d)
#
# The data are in rate.csv beside this script. To draw it again, from any directory:
#   gnuplot -d rate.gp                       rate.svg and rate.png beside the script
#   gnuplot -d -e "format='pdf'" rate.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: d40aba033be2d3a6e5744d9aad4d3f8216de01006ab83354294b6853288b1b46

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
  set terminal svg size 1400, 680.54 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 681 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 681 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 680.54 / 96.0 enhanced \
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
input_scale = 1; cell = 2; forget_bias = 3; spectral_radius = 4; decay_rate_mean = 5
ci95_low = 6; ci95_high = 7; trials_with_rate = 8; trials_without_rate = 9; claim = 10
mean_field_low = 11; mean_field_high = 12; lyapunov_rate_mean = 13; forget_path_rate_mean = 14
tied_mean_field = 15

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#E69F00' linewidth 2 dashtype (20,5) pointtype 15 pointsize 1
set linetype 4 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 6 linecolor rgb '#D55E00' linewidth 1.3 dashtype (7,4) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 9 linecolor rgb '#D55E00' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 10 linecolor rgb '#E69F00' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 11 linecolor rgb '#E69F00' linewidth 1.3 dashtype (7,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by spectral radius}' at screen 0.017, screen 0.9526846 left font sized(1.3) textcolor rgb '#000000'
set label 'rnn vanishes up to ρ = 1.75, is not distinguishable from constant at 2, explodes from 2.25; lstm, forget bias 0 vanishes at every ρ; lstm, forget bias 1 vanishes at every ρ' at screen 0.017, screen 0.9115408 left font sized(1) textcolor rgb '#222222'
set label 'mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · initializer gaussian · loss final-dot · clip none (first of 2) · float32' at screen 0.017, screen 0.05286978 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 0, 1 · task gaussian-noise · mean field for σ_w from ρ/ρ_N to ρ · log_{10} ρ is no criterion · run decay (bb276bca7c9d)' at screen 0.017, screen 0.02345196 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.888706; set bmargin at screen 0.8241103
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'rnn', \
  keyentry with linespoints linetype 2 pointsize 1 title 'lstm, forget bias 0', \
  keyentry with linespoints linetype 3 pointsize 1 title 'lstm, forget bias 1', \
  keyentry with filledcurves linetype 4 fillstyle transparent solid 0.3 noborder title 'plain RNN: mean field', \
  keyentry with points linetype 5 pointsize 1.6 title 'Lyapunov exponent λ_1 / ln 10', \
  keyentry with lines linetype 6 title 'LSTM: tied dynamic mean field', \
  keyentry with lines linetype 7 title 'linear: log_{10} ρ'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.979
set bmargin at screen 0.1678667; set tmargin at screen 0.799424
set title '' offset 0, lowered font sized(1)
set grid
set xlabel 'spectral radius ρ of W_{hh}' font sized(1)
set xrange [0.42:2.58]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2, '2.5' 2.5)
set ylabel 'rate (decades per step, < 0: decay)' font sized(1)
set yrange [-0.5305851:0.2022217]
set ytics ('−0.4' -0.4, '−0.2' -0.2, '0' 0, '0.2' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.42,-0.3767507
0.456,-0.3410352
0.492,-0.3080349
0.528,-0.2773661
0.564,-0.2487209
0.6,-0.2218487
0.636,-0.1965429
0.672,-0.1726307
0.708,-0.1499667
0.744,-0.1284271
0.78,-0.1079054
0.816,-0.08830984
0.852,-0.06956041
0.888,-0.05158703
0.924,-0.03432803
0.96,-0.01772877
0.996,-0.001740662
1.032,0.0136797
1.068,0.02857125
1.104,0.04296907
1.14,0.05690485
1.176,0.07040732
1.212,0.08350262
1.248,0.09621459
1.284,0.108565
1.32,0.1205739
1.356,0.1322597
1.392,0.1436392
1.428,0.1547282
1.464,0.1655411
1.5,0.1760913
1.536,0.1863912
1.572,0.1964525
1.608,0.206286
1.644,0.2159018
1.68,0.2253093
1.716,0.2345173
1.752,0.2435341
1.788,0.2523675
1.824,0.2610248
1.86,0.2695129
1.896,0.2778383
1.932,0.2860071
1.968,0.2940251
2.004,0.3018977
2.04,0.3096302
2.076,0.3172273
2.112,0.3246939
2.148,0.3320343
2.184,0.3392526
2.22,0.346353
2.256,0.3533391
2.292,0.3602146
2.328,0.366983
2.364,0.3736475
2.4,0.3802112
2.436,0.3866773
2.472,0.3930485
2.508,0.3993275
2.544,0.4055171
2.58,0.4116197
EOD
unset key
plot $guide0 using 1:2 with lines linetype 7 notitle, \
  data skip 1 index 0 every 1::0::8 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 4 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 every 1::0::8 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 1 using spectral_radius:lyapunov_rate_mean with points linetype 9 pointsize 1.6 notitle, \
  data skip 1 index 1 every 1::0::8 using spectral_radius:tied_mean_field with lines linetype 6 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 every 1::0::8 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 2 using spectral_radius:lyapunov_rate_mean with points linetype 10 pointsize 1.6 notitle, \
  data skip 1 index 2 every 1::0::8 using spectral_radius:tied_mean_field with lines linetype 11 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 every 1::0::8 using spectral_radius:decay_rate_mean with lines linetype 3 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean with points linetype 3 pointsize 1 notitle

unset multiplot
unset output
