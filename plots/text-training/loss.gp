# What lets the network learn, and when?
#
# Loss while learning text. Test loss (median over seeds, chance 3.07): rnn, clip 0.5, learning rate 0.3 – 2.28
# (perplexity 9.76, training 1.31); rnn, no clipping, learning rate 0.3 – 2.29 (perplexity 9.85, training 1.3);
# rnn, clip 0.5, learning rate 3 – 2.36 (perplexity 10.6, training 1.21); rnn, no clipping, learning rate 3 –
# 36.5 (perplexity 10¹⁶, training 45.5) (and 4 others)
# hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral
# radius 1 at the start · optimizer sgd · truncation k1:k2 = 25:50 · LSTM forget bias 1 · at most 1000 updates ·
# task text · a line for each of 2 seeds · lines: loss of the batches, mean over 10 updates (a spike may be one
# of them) · points: test loss · each panel has a y axis of its own · run text-training (a81125c945b5)
# gradflow 0.1.0, run text-training (a81125c945b5)
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: cefb0fd67c8ddaa105d361b6cfb27769f16f06ec26d0bcae0911e6bdf3f96292

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
data = directory . "loss.csv"
target = exists("output") ? output : directory . "loss." . format
if (format eq "svg") {
  set terminal svg size 1400, 920.92 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 921 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 921 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 920.92 / 96.0 enhanced \
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

# The columns of loss.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; learning_rate = 5; seed = 6
quantity = 7; updates = 8; loss = 9; q25 = 10; q75 = 11; seeds = 12

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#0072B2' linewidth 1.3 dashtype solid pointtype 7 pointsize 1
set linetype 6 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 7 linecolor rgb '#D55E00' linewidth 1.3 dashtype (12,5) pointtype 11 pointsize 1
set linetype 8 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 11 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Loss while learning text}' at screen 0.017, screen 0.965035 left font sized(1.3) textcolor rgb '#000000'
set label 'Test loss (median over seeds, chance 3.07): rnn, clip 0.5, learning rate 0.3 – 2.28 (perplexity 9.76, training 1.31); rnn, no clipping, learning rate 0.3 – 2.29 (perplexity 9.85,' at screen 0.017, screen 0.9346306 left font sized(1) textcolor rgb '#222222'
set label 'training 1.3); rnn, clip 0.5, learning rate 3 – 2.36 (perplexity 10.6, training 1.21); rnn, no clipping, learning rate 3 – 36.5 (perplexity 10^{16}, training 45.5) (and 4 others)' at screen 0.017, screen 0.9086348 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer sgd · truncation k1:k2 = 25:50 · LSTM forget bias 1' at screen 0.017, screen 0.06080876 left font sized(0.86) textcolor rgb '#555555'
set label 'at most 1000 updates · task text · a line for each of 2 seeds · lines: loss of the batches, mean over 10 updates (a spike may be one of them) · points: test loss · each panel has a y axis of its own' at screen 0.017, screen 0.03906963 left font sized(0.86) textcolor rgb '#555555'
set label 'run text-training (a81125c945b5)' at screen 0.017, screen 0.0173305 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8917604; set bmargin at screen 0.867893
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm', \
  keyentry with points linetype 3 pointsize 0.75 title 'points: test loss', \
  keyentry with lines linetype 4 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: no clipping, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.487
set bmargin at screen 0.5076011; set tmargin at screen 0.8222864
set title 'no clipping, learning rate 3' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.513, screen 0.1001824 center
set label 'loss (cross entropy, nats)' at screen 0.014, screen 0.4840377 center rotate by 90
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel '' font sized(1)
set yrange [-0.2003009:1.97322]
set ytics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103, '50' 1.69897)
y_place(v) = v > 0 ? (log10(v) < -0.2003009 ? -0.2003009 : log10(v) > 1.97322 ? 1.97322 : log10(v)) : -0.2003009
y_at(c) = strcol(c) eq 'inf' ? 1.97322 : strcol(c) eq '-inf' ? -0.2003009 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 0.4869072 to graph 1, first 0.4869072 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 0 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 1 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 2 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 3 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 4 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 5 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 6 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 7 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

# Panel 2: clip 0.5, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.539; set rmargin at screen 0.979
set bmargin at screen 0.5076011; set tmargin at screen 0.8222864
set title 'clip 0.5, learning rate 3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel '' font sized(1)
set yrange [-0.1821581:4.736109]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3, '4' 4)
y_place(v) = (v < -0.1821581 ? -0.1821581 : v > 4.736109 ? 4.736109 : v)
y_at(c) = strcol(c) eq 'inf' ? 4.736109 : strcol(c) eq '-inf' ? -0.1821581 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 3.068366 to graph 1, first 3.068366 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 8 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 9 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 10 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 11 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 12 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 13 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 14 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 15 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

# Panel 3: no clipping, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.487
set bmargin at screen 0.145789; set tmargin at screen 0.4604743
set title 'no clipping, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('0' 0, '500' 500, '1000' 1000)
set ylabel '' font sized(1)
set yrange [-0.1821581:4.736109]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3, '4' 4)
y_place(v) = (v < -0.1821581 ? -0.1821581 : v > 4.736109 ? 4.736109 : v)
y_at(c) = strcol(c) eq 'inf' ? 4.736109 : strcol(c) eq '-inf' ? -0.1821581 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 3.068366 to graph 1, first 3.068366 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 16 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 17 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 18 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 19 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 20 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 21 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 22 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 23 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

# Panel 4: clip 0.5, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.539; set rmargin at screen 0.979
set bmargin at screen 0.145789; set tmargin at screen 0.4604743
set title 'clip 0.5, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('0' 0, '500' 500, '1000' 1000)
set ylabel '' font sized(1)
set yrange [-0.1821581:4.736109]
set ytics ('' 0, '' 1, '' 2, '' 3, '' 4)
y_place(v) = (v < -0.1821581 ? -0.1821581 : v > 4.736109 ? 4.736109 : v)
y_at(c) = strcol(c) eq 'inf' ? 4.736109 : strcol(c) eq '-inf' ? -0.1821581 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 3.068366 to graph 1, first 3.068366 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 24 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 25 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 26 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 27 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 28 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 29 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 30 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 31 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

unset multiplot
unset output
