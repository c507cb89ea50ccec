# How every room is built: one static library per folder, warnings are errors.

find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(TSS2 REQUIRED IMPORTED_TARGET tss2-esys tss2-mu tss2-tctildr)
pkg_check_modules(FIDO2 REQUIRED IMPORTED_TARGET libfido2)
pkg_check_modules(OATH REQUIRED IMPORTED_TARGET liboath)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
set(Protobuf_USE_STATIC_LIBS ON)
find_package(Protobuf REQUIRED)
find_package(Threads REQUIRED)
find_path(LIBCSV_INCLUDE csv.h REQUIRED)
find_library(LIBCSV_LIBRARY csv REQUIRED)
add_library(LibCsv INTERFACE)
target_include_directories(LibCsv INTERFACE ${LIBCSV_INCLUDE})
target_link_libraries(LibCsv INTERFACE ${LIBCSV_LIBRARY})
find_package(Boost 1.81 REQUIRED COMPONENTS json program_options CONFIG)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(lantaarn_options INTERFACE)
target_include_directories(lantaarn_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(lantaarn_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Wextra-semi -Wcast-qual -Werror)
# Debian 12's clang 14 has the coroutines of C++20 and does not say so yet, by which its standard library goes.
target_compile_options(lantaarn_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-D__cpp_impl_coroutine=201902L -Wno-builtin-macro-redefined>)
# GCC 12's warnings that follow the flow of optimised code take std::vector's own growing for an overflow or a wrong free (GCC
# bugs 105329, 105651): they are shown, and stop nothing. What does not depend on the optimiser is an error.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  foreach(warning stringop-overflow stringop-overread array-bounds free-nonheap-object maybe-uninitialized restrict use-after-free)
    target_compile_options(lantaarn_options INTERFACE -Wno-error=${warning})
  endforeach()
endif()
# GCC 12 reports false positives inside the standard library under sanitizers (GCC bug 105562).
target_compile_options(lantaarn_options INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<STREQUAL:$<CONFIG>,Sanitized>>:-Wno-maybe-uninitialized>)

# lantaarn_room(common_journal SOURCES a.cpp DEPENDS common_crypto)
# A room may include only what it names in DEPENDS; tools/check-layers holds it to that.
function(lantaarn_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC lantaarn_options ${ROOM_DEPENDS})
endfunction()

# lantaarn_proto(target FILE.proto): adds a .proto (lite runtime, named from the top) to a target.
function(lantaarn_proto target)
  foreach(file IN LISTS ARGN)
    cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE here)
    cmake_path(REPLACE_EXTENSION file LAST_ONLY pb.cc OUTPUT_VARIABLE made_cc)
    cmake_path(REPLACE_EXTENSION file LAST_ONLY pb.h OUTPUT_VARIABLE made_h)
    set(out ${CMAKE_BINARY_DIR}/${here})
    add_custom_command(
      OUTPUT ${out}/${made_cc} ${out}/${made_h}
      COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR} --cpp_out=${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR}/${here}/${file}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} VERBATIM)
    target_sources(${target} PRIVATE ${out}/${made_cc} PUBLIC ${out}/${made_h})
    set_source_files_properties(${out}/${made_cc} PROPERTIES COMPILE_OPTIONS "-w")
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf-lite)
  endforeach()
endfunction()
