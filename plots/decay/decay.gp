# How do gradients change on their way back through time?
#
# Gradient norms on the way back through time. At lag 199, rnn: 10⁻⁹⁸ (ρ = 0.5) to 10¹¹ (ρ = 2.5); lstm, forget
# bias 0: 10⁻⁴⁹ (ρ = 0.5) to 10⁻¹⁷ (ρ = 2.5); lstm, forget bias 1: 10⁻²⁴ (ρ = 0.5) to 10⁻³ (ρ = 2.5)
# median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200
# (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · clip none (first of 2) · float32 ·
# LSTM forget bias 0, 1 · task gaussian-noise · ∂L/∂c_t, within 0.66 decades of ∂L/∂h_t, not drawn · 6 of 9
# spectral radii shown, not ρ = 0.75, 1.5, 2.25 · run decay (bb276bca7c9d)
# gradflow 0.1.0, run decay (bb276bca7c9d)
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 61356a4c86b3e292262d7aedb5fc26dc0af46344ab1b8182756426899248bc98

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
data = directory . "decay.csv"
target = exists("output") ? output : directory . "decay." . format
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

# The columns of decay.csv.
spectral_radius = 1; cell = 2; forget_bias = 3; gradient = 4; lag = 5; log10_median = 6
log10_q25 = 7; log10_q75 = 8; seeds = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#E69F00' linewidth 2 dashtype (20,5) pointtype 15 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms on the way back through time}' at screen 0.017, screen 0.9632822 left font sized(1.3) textcolor rgb '#000000'
set label 'At lag 199, rnn: 10^{−98} (ρ = 0.5) to 10^{11} (ρ = 2.5); lstm, forget bias 0: 10^{−49} (ρ = 0.5) to 10^{−17} (ρ = 2.5); lstm, forget bias 1: 10^{−24} (ρ = 0.5) to 10^{−3} (ρ = 2.5)' at screen 0.017, screen 0.9313538 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · clip none (first of 2) · float32' at screen 0.017, screen 0.0410281 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 0, 1 · task gaussian-noise · ∂L/∂c_t, within 0.66 decades of ∂L/∂h_t, not drawn · 6 of 9 spectral radii shown, not ρ = 0.75, 1.5, 2.25 · run decay (bb276bca7c9d)' at screen 0.017, screen 0.01819923 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9136335; set bmargin at screen 0.8885696
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: ρ = 0.5
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.3596667
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 0.5' offset 0, lowered font sized(1)
set grid
set label 'lag T − t (steps)' at screen 0.524, screen 0.08237548 center
set label '‖∂L/∂h_t‖ (geometric mean over batch)' at screen 0.014, screen 0.4854725 center rotate by 90
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('' 0, '' 50, '' 100, '' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('10^{−100}' -100, '10^{−80}' -80, '10^{−60}' -60, '10^{−40}' -40, '10^{−20}' -20, '10^{0}' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:log10_median with lines linetype 3 notitle

# Panel 2: ρ = 1
unset label; unset object; unset arrow
set lmargin at screen 0.3786667; set rmargin at screen 0.6693333
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('' 0, '' 50, '' 100, '' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('' -100, '' -80, '' -60, '' -40, '' -20, '' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
set label 'below: denormal in float32' at graph 0.02 , first -37.92978 left offset 0, 0.6 front font sized(0.8) textcolor rgb '#666666'
unset key
plot data skip 1 index 3 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 4 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:log10_median with lines linetype 3 notitle

# Panel 3: ρ = 1.25
unset label; unset object; unset arrow
set lmargin at screen 0.6883333; set rmargin at screen 0.979
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'ρ = 1.25' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('' 0, '' 50, '' 100, '' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('' -100, '' -80, '' -60, '' -40, '' -20, '' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
unset key
plot data skip 1 index 6 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 6 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 7 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 8 using lag:log10_median with lines linetype 3 notitle

# Panel 4: ρ = 1.75
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.3596667
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 1.75' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('0' 0, '50' 50, '100' 100, '150' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('10^{−100}' -100, '10^{−80}' -80, '10^{−60}' -60, '10^{−40}' -40, '10^{−20}' -20, '10^{0}' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
unset key
plot data skip 1 index 9 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 10 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 11 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 9 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 10 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 11 using lag:log10_median with lines linetype 3 notitle

# Panel 5: ρ = 2
unset label; unset object; unset arrow
set lmargin at screen 0.3786667; set rmargin at screen 0.6693333
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 2' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('0' 0, '50' 50, '100' 100, '150' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('' -100, '' -80, '' -60, '' -40, '' -20, '' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
unset key
plot data skip 1 index 12 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 13 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 14 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 12 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 13 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 14 using lag:log10_median with lines linetype 3 notitle

# Panel 6: ρ = 2.5
unset label; unset object; unset arrow
set lmargin at screen 0.6883333; set rmargin at screen 0.979
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'ρ = 2.5' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:199]
set xtics ('0' 0, '50' 50, '100' 100, '150' 150)
set ylabel '' font sized(1)
set yrange [-103.6398:15.94683]
set ytics ('' -100, '' -80, '' -60, '' -40, '' -20, '' 0)
unset colorbox
set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
unset key
plot data skip 1 index 15 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 16 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 17 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 15 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 16 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 17 using lag:log10_median with lines linetype 3 notitle

unset multiplot
unset output
