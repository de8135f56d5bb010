# How fast do gradients decay or grow, by spectral radius?
#
# Decay rate of ‖∂L/∂h_t‖ by spectral radius. input scale 1: rnn vanishes up to ρ = 1.75, is not distinguishable
# from constant at 2, explodes from 2.25; lstm vanishes up to ρ = 2.75, is not distinguishable from constant at
# 3
# mean and its 95 % confidence interval over 5 seeds · hidden size 64 · input size 16 · batch 8 · sequence
# length T = 100 · initial state scale 0.5 · washout 100 · initializer gaussian · loss final-dot · clip none ·
# float32 · LSTM forget bias 1 · task gaussian-noise · mean field for σ_w from ρ/ρ_N to ρ · log_10 ρ is no
# criterion · run phase (b1166c8cd34f)
# gradflow 0.1.0, run phase (b1166c8cd34f)
#
# The data are in rate.csv beside this script. To draw it again, from any directory:
#   gnuplot -d rate.gp                       rate.svg and rate.png beside the script
#   gnuplot -d -e "format='pdf'" rate.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: edeb89703bf1896ab5b8d425e1a743e428eea72970b8bf720d8daf19ff112f9b

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
  set terminal svg size 1400, 898.94 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 899 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 899 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 898.94 / 96.0 enhanced \
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
set linetype 3 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 0 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 6 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,3) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#0072B2' linewidth 1.2 dashtype solid pointtype 6 pointsize 1
set linetype 8 linecolor rgb '#D55E00' linewidth 1.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by spectral radius}' at screen 0.017, screen 0.96418 left font sized(1.3) textcolor rgb '#000000'
set label 'input scale 1: rnn vanishes up to ρ = 1.75, is not distinguishable from constant at 2, explodes from 2.25; lstm vanishes up to ρ = 2.75, is not distinguishable from constant at 3' at screen 0.017, screen 0.9330322 left font sized(1) textcolor rgb '#222222'
set label 'mean and its 95 % confidence interval over 5 seeds · hidden size 64 · input size 16 · batch 8 · sequence length T = 100 · initial state scale 0.5 · washout 100 · initializer gaussian · loss final-dot · clip none' at screen 0.017, screen 0.04002492 left font sized(0.86) textcolor rgb '#555555'
set label 'float32 · LSTM forget bias 1 · task gaussian-noise · mean field for σ_w from ρ/ρ_N to ρ · log_{10} ρ is no criterion · run phase (b1166c8cd34f)' at screen 0.017, screen 0.01775424 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9157452; set bmargin at screen 0.8668432
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'rnn', \
  keyentry with linespoints linetype 2 pointsize 1 title 'lstm', \
  keyentry with filledcurves linetype 3 fillstyle transparent solid 0.3 noborder title 'plain RNN: mean field', \
  keyentry with points linetype 4 pointsize 1.6 title 'Lyapunov exponent λ_1 / ln 10', \
  keyentry with lines linetype 5 title 'linear: log_{10} ρ', \
  keyentry with lines linetype 6 title 'LSTM: forget path (a reference)'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: input scale 0
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.3523333
set bmargin at screen 0.4977418; set tmargin at screen 0.8201215
set title 'input scale 0' offset 0, lowered font sized(1)
set grid
set label 'spectral radius ρ of W_{hh}' at screen 0.5185, screen 0.08036131 center
set label 'rate (decades per step, < 0: decay)' at screen 0.014, screen 0.4736022 center rotate by 90
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('' 0.5, '' 1, '' 1.5, '' 2, '' 2.5, '' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('−0.6' -0.6, '−0.4' -0.4, '−0.2' -0.2, '0' 0, '0.2' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 0 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 1 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 1 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

# Panel 2: input scale 0.1
unset label; unset object; unset arrow
set lmargin at screen 0.3713333; set rmargin at screen 0.6656667
set bmargin at screen 0.4977418; set tmargin at screen 0.8201215
set title 'input scale 0.1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('' 0.5, '' 1, '' 1.5, '' 2, '' 2.5, '' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('' -0.6, '' -0.4, '' -0.2, '' 0, '' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 2 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 3 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 3 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 3 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 3 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 3 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

# Panel 3: input scale 0.25
unset label; unset object; unset arrow
set lmargin at screen 0.6846667; set rmargin at screen 0.979
set bmargin at screen 0.4977418; set tmargin at screen 0.8201215
set title 'input scale 0.25' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('' 0.5, '' 1, '' 1.5, '' 2, '' 2.5, '' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('' -0.6, '' -0.4, '' -0.2, '' 0, '' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 4 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 4 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 4 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 5 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 5 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 5 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 5 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

# Panel 4: input scale 0.5
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.3523333
set bmargin at screen 0.127083; set tmargin at screen 0.4494627
set title 'input scale 0.5' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2, '2.5' 2.5, '3' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('−0.6' -0.6, '−0.4' -0.4, '−0.2' -0.2, '0' 0, '0.2' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 6 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 6 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 6 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 6 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 6 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 7 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 7 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 7 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 7 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 7 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

# Panel 5: input scale 1
unset label; unset object; unset arrow
set lmargin at screen 0.3713333; set rmargin at screen 0.6656667
set bmargin at screen 0.127083; set tmargin at screen 0.4494627
set title 'input scale 1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2, '2.5' 2.5, '3' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('' -0.6, '' -0.4, '' -0.2, '' 0, '' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 8 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 8 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 8 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 8 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 9 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 9 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 9 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 9 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 9 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

# Panel 6: input scale 2
unset label; unset object; unset arrow
set lmargin at screen 0.6846667; set rmargin at screen 0.979
set bmargin at screen 0.127083; set tmargin at screen 0.4494627
set title 'input scale 2' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.4:3.1]
set xtics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2, '2.5' 2.5, '3' 3)
set ylabel '' font sized(1)
set yrange [-0.6719145:0.2949907]
set ytics ('' -0.6, '' -0.4, '' -0.2, '' 0, '' 0.2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.4,-0.39794
0.445,-0.35164
0.49,-0.3098039
0.535,-0.2716462
0.58,-0.236572
0.625,-0.20412
0.67,-0.1739252
0.715,-0.145694
0.76,-0.1191864
0.805,-0.09420412
0.85,-0.07058107
0.895,-0.04817696
0.94,-0.02687215
0.985,-0.00656377
1.03,0.01283722
1.075,0.03140846
1.12,0.04921802
1.165,0.06632593
1.21,0.08278537
1.255,0.09864373
1.3,0.1139434
1.345,0.1287223
1.39,0.1430148
1.435,0.1568519
1.48,0.1702617
1.525,0.1832698
1.57,0.1958997
1.615,0.2081725
1.66,0.2201081
1.705,0.2317244
1.75,0.243038
1.795,0.2540645
1.84,0.2648178
1.885,0.2753114
1.93,0.2855573
1.975,0.2955671
2.02,0.3053514
2.065,0.3149201
2.11,0.3242825
2.155,0.3334473
2.2,0.3424227
2.245,0.3512163
2.29,0.3598355
2.335,0.3682869
2.38,0.376577
2.425,0.3847117
2.47,0.392697
2.515,0.400538
2.56,0.40824
2.605,0.4158077
2.65,0.4232459
2.695,0.4305588
2.74,0.4377506
2.785,0.4448252
2.83,0.4517864
2.875,0.4586378
2.92,0.4653829
2.965,0.4720247
3.01,0.4785665
3.055,0.4850112
3.1,0.4913617
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 10 every 1::0::10 using spectral_radius:mean_field_low:mean_field_high with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 10 using spectral_radius:lyapunov_rate_mean with points linetype 7 pointsize 1.6 notitle, \
  data skip 1 index 10 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 10 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 10 using spectral_radius:decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 11 using spectral_radius:lyapunov_rate_mean with points linetype 8 pointsize 1.6 notitle, \
  data skip 1 index 11 every 1::0::10 using spectral_radius:forget_path_rate_mean with lines linetype 6 notitle, \
  data skip 1 index 11 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 11 every 1::0::10 using spectral_radius:decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 11 using spectral_radius:decay_rate_mean with points linetype 2 pointsize 1 notitle

unset multiplot
unset output
