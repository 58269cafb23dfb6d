;; Prints through its host and asks it for a number.
(module
  (import "host" "print" (func $print (param i32 i32)))
  (import "host" "roll" (func $roll (param i32) (result i32)))
  (memory 1)
  (data (i32.const 16) "hello from inside")
  (func (export "greet") (result i32)
    (call $print (i32.const 16) (i32.const 17))
    (call $roll (i32.const 6))))
