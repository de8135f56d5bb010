# Which steps make up the gradient of W_hh?
#
# Share of the last steps in the sum of contribution norms to ∂L/∂W_hh. Last steps, of 200, that hold 90 % of
# the sum: rnn: 3 (ρ = 0.5) to 198 (ρ = 2.5); lstm, forget bias 0: 4 (ρ = 0.5) to 12 (ρ = 2.5); lstm, forget
# bias 1: 8 (ρ = 0.5) to 95 (ρ = 2.5)
# median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200
# (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · clip none (first of 2) · float32 ·
# LSTM forget bias 0, 1 · task gaussian-noise · 6 of 9 spectral radii shown, not ρ = 0.75, 1.5, 2.25 · 72 of 200
# lags drawn · run decay (bb276bca7c9d)
# gradflow 0.1.0, run decay (bb276bca7c9d)
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: ae6f0aac0e9156713e972528ae82c90a53bcf5d4f63b26b3c4005e05360b349f

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
  set terminal svg size 1400, 876.96 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 877 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 877 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 876.96 / 96.0 enhanced \
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
spectral_radius = 1; cell = 2; forget_bias = 3; lag = 4; share_median = 5; share_q25 = 6
share_q75 = 7; seeds = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#E69F00' linewidth 2 dashtype (20,5) pointtype 15 pointsize 1
set linetype 4 linecolor rgb '#000000' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 5 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 6 linecolor rgb '#E69F00' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Share of the last steps in the sum of contribution norms to ∂L/∂W_{hh}}' at screen 0.017, screen 0.9632822 left font sized(1.3) textcolor rgb '#000000'
set label 'Last steps, of 200, that hold 90 % of the sum: rnn: 3 (ρ = 0.5) to 198 (ρ = 2.5); lstm, forget bias 0: 4 (ρ = 0.5) to 12 (ρ = 2.5); lstm, forget bias 1: 8 (ρ = 0.5) to 95 (ρ = 2.5)' at screen 0.017, screen 0.9313538 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · clip none (first of 2) · float32' at screen 0.017, screen 0.0410281 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 0, 1 · task gaussian-noise · 6 of 9 spectral radii shown, not ρ = 0.75, 1.5, 2.25 · 72 of 200 lags drawn · run decay (bb276bca7c9d)' at screen 0.017, screen 0.01819923 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9136335; set bmargin at screen 0.8885696
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points linetype 4 pointsize 1.3 title '90 % reached (median)'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: ρ = 0.5
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.3486667
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 0.5' offset 0, lowered font sized(1)
set grid
set label 'number of last steps, lag + 1' at screen 0.51575, screen 0.08237548 center
set label 'share of Σ_t ‖contribution of step t‖' at screen 0.014, screen 0.4854725 center rotate by 90
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('' 0, '' 1, '' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
set label '90 %' at graph 0.02 , first 0.9 left offset 0, 0.6 front font sized(0.8) textcolor rgb '#666666'
$guide6 << EOD
0.4771213,0.9671323
EOD
$guide7 << EOD
0.60206,0.9113942
EOD
$guide8 << EOD
0.90309,0.9140253
EOD
unset key
plot data skip 1 index 0 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 1 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 2 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

# Panel 2: ρ = 1
unset label; unset object; unset arrow
set lmargin at screen 0.3676667; set rmargin at screen 0.6638333
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('' 0, '' 1, '' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide6 << EOD
0.69897,0.9161516
EOD
$guide7 << EOD
0.69897,0.9214567
EOD
$guide8 << EOD
1.041393,0.9179673
EOD
unset key
plot data skip 1 index 3 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 4 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 5 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

# Panel 3: ρ = 1.25
unset label; unset object; unset arrow
set lmargin at screen 0.6828333; set rmargin at screen 0.979
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 1.25' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('' 0, '' 1, '' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide6 << EOD
0.90309,0.9211367
EOD
$guide7 << EOD
0.69897,0.9003724
EOD
$guide8 << EOD
1.113943,0.912138
EOD
unset key
plot data skip 1 index 6 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 6 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 7 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 8 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

# Panel 4: ρ = 1.75
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.3486667
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 1.75' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('1' 0, '10' 1, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide6 << EOD
1.544068,0.901256
EOD
$guide7 << EOD
0.845098,0.9144422
EOD
$guide8 << EOD
1.361728,0.9073008
EOD
unset key
plot data skip 1 index 9 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 10 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 11 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 9 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 10 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 11 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

# Panel 5: ρ = 2
unset label; unset object; unset arrow
set lmargin at screen 0.3676667; set rmargin at screen 0.6638333
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 2' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('1' 0, '10' 1, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide6 << EOD
2.257679,0.9009556
EOD
$guide7 << EOD
0.90309,0.906382
EOD
$guide8 << EOD
1.50515,0.9044008
EOD
unset key
plot data skip 1 index 12 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 13 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 14 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 12 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 13 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 14 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

# Panel 6: ρ = 2.5
unset label; unset object; unset arrow
set lmargin at screen 0.6828333; set rmargin at screen 0.979
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 2.5' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:2.342423]
set xtics ('1' 0, '10' 1, '100' 2)
x_place(v) = v > 0 ? log10(v) : NaN
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? NaN : x_place(column(c))
set ylabel '' font sized(1)
set yrange [0:1.04]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
unset colorbox
set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
$guide6 << EOD
2.296665,0.9002663
EOD
$guide7 << EOD
1.079181,0.9006008
EOD
$guide8 << EOD
1.977724,0.9022724
EOD
unset key
plot data skip 1 index 15 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 16 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 17 using (x_place(column(lag) * 1 + 1)):share_q25:share_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 15 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 1 notitle, \
  data skip 1 index 16 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 2 notitle, \
  data skip 1 index 17 using (x_place(column(lag) * 1 + 1)):share_median with lines linetype 3 notitle, \
  $guide6 using 1:2 with points linetype 1 pointsize 1.3 notitle, \
  $guide7 using 1:2 with points linetype 5 pointsize 1.3 notitle, \
  $guide8 using 1:2 with points linetype 6 pointsize 1.3 notitle

unset multiplot
unset output
