"""What stands between the network and Streamlit: private names of Streamlit, limits of the server, middleware."""
