#pragma once

#include "cli/arguments/arguments.h"

// One function a verb, each in a file of its name: it declares the options and returns what to run.

namespace aqd::verbs {

using arguments::Arguments;
using arguments::Run;

Run acknowledge(Arguments& arguments);
Run blocks(Arguments& arguments);
Run build(Arguments& arguments);
Run call(Arguments& arguments);
Run show_case(Arguments& arguments);
Run check(Arguments& arguments);
Run deploy(Arguments& arguments);
Run explain(Arguments& arguments);
Run init(Arguments& arguments);
Run inspect(Arguments& arguments);
Run keys(Arguments& arguments);
Run obligations(Arguments& arguments);
Run prove(Arguments& arguments);
Run receipts(Arguments& arguments);
Run replay(Arguments& arguments);
Run run(Arguments& arguments);
Run secret(Arguments& arguments);
Run tick(Arguments& arguments);
Run verify(Arguments& arguments);
Run view(Arguments& arguments);

}  // namespace aqd::verbs
