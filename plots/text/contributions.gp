# Which steps make up the gradient of W_hh?
#
# Share of the last steps in the sum of contribution norms to ∂L/∂W_hh. Last steps, of 100, that hold 90 % of
# the sum: cross-entropy-final: 5 (rnn) to 13 (lstm); cross-entropy-every-step: 90 (rnn) to 89 (gru)
# Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide
# vanishing. To see vanishing, use loss: cross-entropy-final.
# median and quartiles over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 · input scale 1 ·
# initializer gaussian · clip none · float32 · ρ = 1 (nearest 1 of 4) · LSTM forget bias 1 · task text · run
# text (e06389a759c1)
# gradflow 0.1.0, run text (e06389a759c1)
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 9443016a4a32e40ccd234b14d2ff03f19fda5595ad49642947b038dd12cd60c8

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
data = directory . "contributions.csv"
target = exists("output") ? output : directory . "contributions." . format
if (format eq "svg") {
  set terminal svg size 1400, 576.436 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 576 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 576 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 576.436 / 96.0 enhanced \
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

# The columns of contributions.csv.
cell = 1; forget_bias = 2; loss_kind = 3; lag = 4; share_median = 5; share_q25 = 6
share_q75 = 7; seeds = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#000000' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 4 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Share of the last steps in the sum of contribution norms to ∂L/∂W_{hh}}' at screen 0.017, screen 0.9441395 left font sized(1.3) textcolor rgb '#000000'
set label 'Last steps, of 100, that hold 90 % of the sum: cross-entropy-final: 5 (rnn) to 13 (lstm); cross-entropy-every-step: 90 (rnn) to 89 (gru)' at screen 0.017, screen 0.8955652 left font sized(1) textcolor rgb '#222222'
set label 'Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide vanishing. To see vanishing, use loss: cross-entropy-final.' at screen 0.017, screen 0.8540341 left font sized(1) textcolor rgb '#B34700'
set label 'median and quartiles over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 · input scale 1 · initializer gaussian · clip none · float32 · ρ = 1 (nearest 1 of 4) · LSTM forget bias 1 · task text' at screen 0.017, screen 0.06241803 left font sized(0.86) textcolor rgb '#555555'
set label 'run text (e06389a759c1)' at screen 0.017, screen 0.02768738 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8270753; set bmargin at screen 0.7889445
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'cross-entropy-final', \
  keyentry with lines linetype 2 title 'cross-entropy-every-step', \
  keyentry with points linetype 3 pointsize 1.3 title '90 % reached (median)'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.3486667
set bmargin at screen 0.1981833; set tmargin at screen 0.716083
set title 'rnn' offset 0, lowered font sized(1)
set grid
set label 'number of last steps, lag + 1' at screen 0.51575, screen 0.1253218 center
set xlabel '' font sized(1)
set xrange [0:2.041393]
set xtics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103, '50' 1.69897, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel 'share of Σ_t ‖contribution of step t‖' font sized(1)
set yrange [0:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
set label '90 %' at graph 0.02 , first 0.9 left offset 0, 0.6 front font sized(0.8) textcolor rgb '#666666'
$guide4 << EOD
0.69897,0.9166684
EOD
$guide5 << EOD
1.954243,0.9086587
EOD
unset key
plot data skip 1 index 0 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 1 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  $guide4 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide5 using 1:2 with points linetype 4 pointsize 1.3 notitle

# Panel 2: lstm
unset label; unset object; unset arrow
set lmargin at screen 0.3676667; set rmargin at screen 0.6638333
set bmargin at screen 0.1981833; set tmargin at screen 0.716083
set title 'lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.041393]
set xtics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103, '50' 1.69897, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide4 << EOD
1.113943,0.9035989
EOD
$guide5 << EOD
1.94939,0.9024084
EOD
unset key
plot data skip 1 index 2 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 3 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  $guide4 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide5 using 1:2 with points linetype 4 pointsize 1.3 notitle

# Panel 3: gru
unset label; unset object; unset arrow
set lmargin at screen 0.6828333; set rmargin at screen 0.979
set bmargin at screen 0.1981833; set tmargin at screen 0.716083
set title 'gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.041393]
set xtics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103, '50' 1.69897, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide4 << EOD
0.7781513,0.9083894
EOD
$guide5 << EOD
1.94939,0.9029108
EOD
unset key
plot data skip 1 index 4 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 5 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  $guide4 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide5 using 1:2 with points linetype 4 pointsize 1.3 notitle

unset multiplot
unset output
