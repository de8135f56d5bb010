# Which theory predicts the decay rate, and where does it fail?
#
# Measured decay rate against theory. Root mean square of measured − predicted, in decades per step: Lyapunov
# 0.0054; mean field 0.022; forget path 0.15; log_10 ρ 0.28; Pascanu bound 0.53
# all 660 trials with a plain decay rate are compared · T = 100 · ρ = 0.5 to 3 · hidden size 64 · input scale 0,
# 0.1, 0.25, 0.5, 1, 2 · initializer gaussian · task gaussian-noise · log_10 ρ is no criterion · the Pascanu
# bound is an upper one · mean field: a band for σ_w from ρ/ρ_N to ρ · the forget path is a reference, no bound
# · run phase (b1166c8cd34f)
# gradflow 0.1.0, run phase (b1166c8cd34f)
#
# The data are in theory.csv beside this script. To draw it again, from any directory:
#   gnuplot -d theory.gp                       theory.svg and theory.png beside the script
#   gnuplot -d -e "format='pdf'" theory.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: b6c174842c66846958e6691ffb356b9dffb2482f69a030726456b32987ca0c45

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
data = directory . "theory.csv"
target = exists("output") ? output : directory . "theory." . format
if (format eq "svg") {
  set terminal svg size 1400, 1121.493 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1121 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1121 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1121.493 / 96.0 enhanced \
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

# The columns of theory.csv.
prediction = 1; cell = 2; forget_bias = 3; trial = 4; predicted = 5; predicted_low = 6
predicted_high = 7; decay_rate = 8; residual = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 6 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1 dashtype (12,5) pointtype 10 pointsize 1
set linetype 3 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Measured decay rate against theory}' at screen 0.017, screen 0.9712883 left font sized(1.3) textcolor rgb '#000000'
set label 'Root mean square of measured − predicted, in decades per step: Lyapunov 0.0054; mean field 0.022; forget path 0.15; log_{10} ρ 0.28; Pascanu bound 0.53' at screen 0.017, screen 0.9463216 left font sized(1) textcolor rgb '#222222'
set label 'all 660 trials with a plain decay rate are compared · T = 100 · ρ = 0.5 to 3 · hidden size 64 · input scale 0, 0.1, 0.25, 0.5, 1, 2 · initializer gaussian · task gaussian-noise · log_{10} ρ is no criterion' at screen 0.017, screen 0.03208222 left font sized(0.86) textcolor rgb '#555555'
set label 'the Pascanu bound is an upper one · mean field: a band for σ_w from ρ/ρ_N to ρ · the forget path is a reference, no bound · run phase (b1166c8cd34f)' at screen 0.017, screen 0.01423103 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.932465; set bmargin at screen 0.9128662
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with points linetype 1 pointsize 1 title 'rnn', \
  keyentry with points linetype 2 pointsize 1 title 'lstm', \
  keyentry with lines linetype 3 title 'measured = predicted'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: linear: log_10 ρ
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.3523333
set bmargin at screen 0.5079893; set tmargin at screen 0.8754161
set title 'linear: log_{10} ρ' offset 0, lowered font sized(1)
set grid
set label 'predicted (decades per step)' at screen 0.5185, screen 0.06441411 center
set label 'measured (decades per step)' at screen 0.014, screen 0.4886401 center rotate by 90
set xlabel '' font sized(1)
set xrange [-0.7058091:0.7376191]
set xtics ('' -0.5, '' 0, '' 0.5)
set ylabel '' font sized(1)
set yrange [-0.7058091:0.7376191]
set ytics ('−0.5' -0.5, '0' 0, '0.5' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set label 'rnn: 150 of 330 drawn' at graph 0.02, graph 0.9649377 left front font sized(0.85) textcolor rgb '#333333'
$guide0 << EOD
-0.7058091,-0.7058091
0.7376191,0.7376191
EOD
unset key
plot $guide0 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 0 using predicted:decay_rate with points linetype 1 pointsize 0.7 notitle

# Panel 2: Pascanu bound log_10 γσ_max
unset label; unset object; unset arrow
set lmargin at screen 0.3713333; set rmargin at screen 0.6656667
set bmargin at screen 0.5079893; set tmargin at screen 0.8754161
set title 'Pascanu bound log_{10} γσ_{max}' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [-0.7058091:0.7376191]
set xtics ('' -0.5, '' 0, '' 0.5)
set ylabel '' font sized(1)
set yrange [-0.7058091:0.7376191]
set ytics ('' -0.5, '' 0, '' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set label '24 of 330 points lie outside' at graph 0.02, graph 0.9649377 left front font sized(0.85) textcolor rgb '#333333'
set label 'rnn: 150 of 330 drawn' at graph 0.02, graph 0.9211099 left front font sized(0.85) textcolor rgb '#333333'
$guide0 << EOD
-0.7058091,-0.7058091
0.7376191,0.7376191
EOD
unset key
plot $guide0 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 1 using predicted:decay_rate with points linetype 1 pointsize 0.7 notitle

# Panel 3: mean field ½ log_10 χ
unset label; unset object; unset arrow
set lmargin at screen 0.6846667; set rmargin at screen 0.979
set bmargin at screen 0.5079893; set tmargin at screen 0.8754161
set title 'mean field ½ log_{10} χ' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [-0.7058091:0.7376191]
set xtics ('−0.5' -0.5, '0' 0, '0.5' 0.5)
set ylabel '' font sized(1)
set yrange [-0.7058091:0.7376191]
set ytics ('' -0.5, '' 0, '' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set label 'rnn: 150 of 330 drawn' at graph 0.02, graph 0.9649377 left front font sized(0.85) textcolor rgb '#333333'
$guide0 << EOD
-0.7058091,-0.7058091
0.7376191,0.7376191
EOD
unset key
plot $guide0 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 2 using predicted:decay_rate:predicted_low:predicted_high with xerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 using predicted:decay_rate with points linetype 1 pointsize 0.7 notitle

# Panel 4: Lyapunov exponent λ_1 / ln 10
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.3523333
set bmargin at screen 0.1018642; set tmargin at screen 0.4692909
set title 'Lyapunov exponent λ_1 / ln 10' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [-0.7058091:0.7376191]
set xtics ('−0.5' -0.5, '0' 0, '0.5' 0.5)
set ylabel '' font sized(1)
set yrange [-0.7058091:0.7376191]
set ytics ('−0.5' -0.5, '0' 0, '0.5' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set label 'rnn: 150 of 330 drawn' at graph 0.02, graph 0.9649377 left front font sized(0.85) textcolor rgb '#333333'
set label 'lstm: 150 of 330 drawn' at graph 0.02, graph 0.9211099 left front font sized(0.85) textcolor rgb '#333333'
$guide0 << EOD
-0.7058091,-0.7058091
0.7376191,0.7376191
EOD
unset key
plot $guide0 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 3 using predicted:decay_rate with points linetype 1 pointsize 0.7 notitle, \
  data skip 1 index 4 using predicted:decay_rate with points linetype 2 pointsize 0.7 notitle

# Panel 5: LSTM: forget path
unset label; unset object; unset arrow
set lmargin at screen 0.3713333; set rmargin at screen 0.6656667
set bmargin at screen 0.1018642; set tmargin at screen 0.4692909
set title 'LSTM: forget path' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [-0.7058091:0.7376191]
set xtics ('−0.5' -0.5, '0' 0, '0.5' 0.5)
set ylabel '' font sized(1)
set yrange [-0.7058091:0.7376191]
set ytics ('' -0.5, '' 0, '' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set label 'lstm: 150 of 330 drawn' at graph 0.02, graph 0.9649377 left front font sized(0.85) textcolor rgb '#333333'
$guide0 << EOD
-0.7058091,-0.7058091
0.7376191,0.7376191
EOD
unset key
plot $guide0 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 5 using predicted:decay_rate with points linetype 2 pointsize 0.7 notitle

unset multiplot
unset output
