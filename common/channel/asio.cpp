// Asio, compiled once for the whole project (BOOST_ASIO_SEPARATE_COMPILATION, set by the target common_asio).
#include <boost/asio/impl/src.hpp>
