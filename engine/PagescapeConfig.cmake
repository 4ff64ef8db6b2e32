# SPDX-License-Identifier: MIT
# find_package(Pagescape) gives Pagescape::engine.
include(CMakeFindDependencyMacro)
find_dependency(tl-expected)
find_dependency(nlohmann_json)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/PagescapeTargets.cmake)
