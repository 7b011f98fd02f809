package main

/*
#include <stdlib.h>
static int twice(int x) { return 2*x; }
*/
import "C"

func main() { println("main") }

func Twice(n int) int { return int(C.twice(C.int(n))) }
